export default defineEventHandler(() => 'Nitro is amazing!')

import { fileURLToPath } from 'node:url'

export const appsFolder = fileURLToPath(new URL('../apps', import.meta.url))

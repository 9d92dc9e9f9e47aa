export const apiPages: readonly { readonly title: string; readonly path: string }[]

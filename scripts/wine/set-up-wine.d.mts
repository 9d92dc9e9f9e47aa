export type Wine =
  | { readonly ready: true; readonly root: string; readonly node: string }
  /** The reason continues "not run, because". */
  | { readonly ready: false; readonly reason: string }

export declare const windowsNodeVersion: string

export declare function ensureWine(options?: { readonly nodeVersion?: string }): Promise<Wine>

import type { CaseContext } from '../../case-context.ts'

/** Whether the app sees that a client is authorised: not where the backend declares that it says nothing of it. */
export function seesCertificates({ backend }: Pick<CaseContext, 'backend'>): boolean {
  return !backend.lacks?.includes('client-certificates')
}

import type { ConformanceCase } from '../conformance-case.ts'
import { appCases } from './app-cases.ts'
import { bindingCases } from './binding-cases.ts'
import { http2Cases } from './http2-cases.ts'
import { http2LimitCases } from './http2-limit-cases.ts'
import { httpsCases } from './https-cases.ts'
import { limitCases } from './limit-cases.ts'
import { loggingCases } from './logging-cases.ts'
import { processCases } from './process-cases.ts'
import { redirectCases } from './redirect-cases.ts'
import { tlsIdentityCases } from './tls-identity-cases.ts'
import { tlsPolicyCases } from './tls-policy-cases.ts'

/** The whole suite, in the order of the journey. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...appCases,
  ...bindingCases,
  ...processCases,
  ...tlsIdentityCases,
  ...tlsPolicyCases,
  ...httpsCases,
  ...redirectCases,
  ...http2Cases,
  ...limitCases,
  ...http2LimitCases,
  ...loggingCases,
]

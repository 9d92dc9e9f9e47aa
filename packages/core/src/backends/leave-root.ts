import type { LaunchPlan } from '../plan/launch-plan.ts'
import { dropPrivileges } from '../platform/accounts/drop-privileges.ts'
import { checkFiles } from '../platform/files/handed-over/check-files.ts'

/** Becomes the user of a plan, if it names another one, before the app is loaded. Throws a `LaunchError`. */
export function leaveRoot(plan: LaunchPlan): void {
  if (!plan.runAs) return
  dropPrivileges(plan.runAs)
  checkFiles(plan)
}

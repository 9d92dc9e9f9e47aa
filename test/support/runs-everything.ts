/** Set by `.ci/run`. Without it, tests that take minutes and repeat what others cover are left out. */
export const runsEverything = process.env['TEST_EVERYTHING'] === '1'

/** For the title of a group that is left out. */
export const whyLeftOut = runsEverything ? '' : ' (skipped: TEST_EVERYTHING is not 1)'

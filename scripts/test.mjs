// `npm test`: sets up, builds, and runs the checks. Arguments go to vitest, and the steps after the tests are then left out. If they name a
// test, the steps before it are left out too, and it builds only what has changed. With TEST_EVERYTHING=1, as in CI, it adds what takes ten
// minutes more: other platforms, frameworks, the overhead, and the tests that ask `runsEverything`.
import { buildIfChanged, buildPackages } from './build.mjs'
import { checkPackages } from './check-packages.mjs'
import { checkBoundaries, checkStyle } from './lint.mjs'
import { otherPlatforms, runOn } from './matrix/other-platforms.mjs'
import { checkOverhead } from './overhead.mjs'
import { pinnedNode } from './pinned-node.mjs'
import { runCommand } from './run-command.mjs'
import { runTool } from './run-tool.mjs'
import { ensureInstalled } from './set-up.mjs'
import { createStepList } from './step-list.mjs'

const steps = createStepList()
const words = process.argv.slice(2)
/** Those that could not be begun by then fail. */
const frameworksMinutes = 4

function runTests() {
  return runTool('vitest', 'vitest', ['run', ...words])
}

/** Files, parts of their names, or the title behind `-t`. Flags alone, such as `--reporter=junit`, run all tests. */
function namesTests() {
  return words.some((word) => !word.startsWith('-'))
}

async function runNamedTests() {
  await steps.run('build', buildIfChanged)
  await steps.run('tests', runTests)
}

function checkTestTypes() {
  return runTool('typescript', 'tsc', ['-p', 'tsconfig.tests.json'])
}

async function runChecks() {
  const built = await steps.run('build', buildPackages)
  await steps.run('style', checkStyle)
  await steps.run('boundaries', checkBoundaries)
  if (built) await steps.run('packages', checkPackages)
  else steps.skip('packages', 'the build failed')
  await steps.run('types of the tests', checkTestTypes)
  // Type errors fail the build but leave something to run, so the tests can still show more.
  await steps.run('tests', runTests)
  if (words.length > 0 || process.env.TEST_EVERYTHING !== '1') return
  for (const platform of otherPlatforms) await runOtherPlatform(platform)
  await runFrameworks(built)
  // Last, because nothing else may run meanwhile.
  if (built) await runOverhead()
  else steps.skip('overhead', 'the build failed')
}

function runOtherPlatform(platform) {
  return runIfPossible(platform.name, () => runOn(platform))
}

/** The quick starts without a long build. They must be served as docs/frameworks.md says. */
async function runFrameworks(built) {
  const run = () =>
    runCommand(pinnedNode(), [
      ...['scripts/frameworks/run.mjs', '--fast', '--compare'],
      ...['--minutes', String(frameworksMinutes)],
    ])
  if (built) await steps.run('frameworks', run)
  else steps.skip('frameworks', 'the build failed')
}

function runOverhead() {
  return runIfPossible('overhead', checkOverhead)
}

/** What this machine lacks is not a failure, but is reported. */
async function runIfPossible(name, action) {
  let missing
  await steps.run(name, async () => {
    const { exitCode, notRun } = await action()
    missing = notRun
    return exitCode
  })
  if (missing !== undefined) steps.note(name, `not run, because ${missing}`)
}

// Nothing works without the dependencies, whereas the checks don't depend on each other.
if (await steps.run('set-up', ensureInstalled)) await (namesTests() ? runNamedTests() : runChecks())
steps.printSummary()
process.exitCode = steps.allGood() ? 0 : 1

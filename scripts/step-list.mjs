// Runs named steps one after the other, measures them and sums them up.

export function createStepList() {
  const results = []

  /** Runs a step, whose action resolves with an exit code; a thrown error counts as a failure too. */
  async function run(name, action) {
    console.log(`\n── ${name} ──`)
    const start = Date.now()
    const good = await succeeds(action)
    const seconds = ((Date.now() - start) / 1000).toFixed(1)
    results.push({ name, good, outcome: good ? 'ok' : 'FAILED', seconds })
    console.log(`── ${name}: ${good ? 'ok' : 'FAILED'} (${seconds} s)`)
    return good
  }

  function skip(name, reason) {
    results.push({ name, good: false, outcome: `skipped, because ${reason}` })
  }

  /** For a step that succeeded only partly, says what it could not do. */
  function note(name, outcome) {
    Object.assign(
      results.find((result) => result.name === name),
      { outcome },
    )
  }

  function printSummary() {
    const width = Math.max(...results.map(({ name }) => name.length))
    console.log('\nSummary')
    for (const { name, outcome, seconds } of results) {
      const duration = seconds === undefined ? '' : `${seconds} s`
      console.log(`  ${name.padEnd(width)}  ${duration.padStart(8)}  ${outcome}`)
    }
  }

  const allGood = () => results.every(({ good }) => good)

  return { run, skip, note, printSummary, allGood }
}

async function succeeds(action) {
  try {
    // A step without an exit code, such as the set-up, reports failure by throwing.
    return ((await action()) ?? 0) === 0
  } catch (error) {
    console.error(error.message)
    return false
  }
}

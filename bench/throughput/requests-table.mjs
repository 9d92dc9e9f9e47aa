import { shown } from '../measuring/rounds.mjs'

const absent = '–'

/** Requests a second of each subject under each load, in bold the most; a subject that can't serve a load has a dash. */
export function requestsTable(title, results, subjects) {
  return {
    title,
    columns: ['load', ...subjects.map(({ name, version }) => `${name}, ${version()}`)],
    rows: results.map((result) => [result.load.what, ...subjects.map(({ name }) => cell(result, name))]),
  }
}

/** The cost of a request for each subject: it hardly depends on other processes of the machine. */
export function processorTable(title, results, subjects) {
  return {
    title,
    columns: ['load', ...subjects.map(({ name }) => name)],
    rows: results.map(({ load, names, found }) => [
      load.what,
      ...subjects.map(({ name }) => (names.includes(name) ? shown(found.of(name, 'processorUs')) : absent)),
    ]),
  }
}

function cell({ names, found }, name) {
  if (!names.includes(name)) return absent
  const perSecond = found.of(name, 'perSecond')
  const failed = found.total(name, 'failed')
  const text = shown(perSecond) + (failed > 0 ? `, ${failed.toLocaleString('en')} failed` : '')
  const most = Math.max(...names.map((each) => found.of(each, 'perSecond').median))
  return perSecond.median === most ? `**${text}**` : text
}

import { type ContractAnswer, type ContractRow, type ContractSection, honoured } from '../contract-row.ts'
import {
  type ServerSetting,
  type SettingAnswer,
  serverSettings,
  settableByApp,
  settingNames,
} from '../server-settings.ts'

const code = 'LOCKSTEP_ERR_APP_SERVER_SETTING'

type Honoured = {
  [Name in ServerSetting]: (typeof serverSettings)[Name]['into'] extends 'server' | 'connection'
    ? Name
    : never
}[ServerSetting]

/** How those are honoured that are not values of options. */
const words: { readonly [Name in Honoured]: string } = {
  dropMaxConnection: 'A connection above the limit is always closed.',
  maxRequestsPerSocket: 'The connection ends after this many requests, over HTTP/2 too.',
  timeout: 'An idle connection ends after this time, over HTTP/2 too.',
  keepAliveTimeoutBuffer: 'Honoured for HTTP/1.1.',
  connectionsCheckingInterval: 'The timeouts are checked this often, or more often.',
  insecureHTTPParser: '`false` is what always holds.',
  httpValidation: 'Honoured for HTTP/1.1.',
  requireHostHeader: 'With `false`, a request over HTTP/1.1 may lack `Host`.',
  httpAllowHalfOpen: 'Honoured for HTTP/1.1.',
  OptimizeEmptyRequestsOption: 'Honoured for HTTP/1.1.',
  joinDuplicateHeaders: 'Honoured over HTTP/1.1.',
  rejectNonStandardBodyWrites: 'Honoured over HTTP/1.1.',
  kUniqueHeaders: 'Honoured over HTTP/1.1.',
  IncomingMessage: 'Requests over HTTP/1.1 are of this class.',
  ServerResponse: 'Responses over HTTP/1.1 are of this class.',
  shouldUpgradeCallback: 'Called for each upgrade, also by versions of Node that do not know it.',
  noDelay: 'Set on each connection.',
  keepAlive: 'Set on each connection.',
  keepAliveInitialDelay: 'Set on each connection.',
  highWaterMark: 'Set on each connection.',
  allowHalfOpen: 'Set on each connection.',
}

/** The settings of an `http.Server`: their answers are those by which `judgeSettings()` acts. */
export const settingRows = {
  title: 'Settings of an http.Server',
  heads: ['setting', 'what happens'],
  programs: honoured(
    'The server of a program keeps its settings, for the connections from the front. Clients meet the options of Lockstep.',
  ),
  rows: {
    ...rowsOfSettings(),
    later: {
      what: 'one that the app sets while it serves',
      inNode: honoured(
        'Holds for connections that come from then on, and the log says so. What can no longer change is in the log as an error: `connectionsCheckingInterval`, `requireHostHeader`, and over HTTP/2 `maxHeaderSize` and `maxHeadersCount`.',
      ),
    },
    unknown: {
      what: 'one of a later Node that Lockstep does not know',
      inNode: { refused: 'LOCKSTEP_ERR_APP_SERVER_SETTING', says: 'Leave it out.' },
    },
  },
} as const satisfies ContractSection

function rowsOfSettings(): { readonly [Name in ServerSetting]: ContractRow } {
  return Object.fromEntries(
    Object.entries<SettingAnswer>(serverSettings).map(([name, answer]) => [
      name,
      { what: `\`${settingNames[name] ?? name}\``, inNode: answerTo(name as ServerSetting, answer) },
    ]),
  ) as { readonly [Name in ServerSetting]: ContractRow }
}

function answerTo(name: ServerSetting, answer: SettingAnswer): ContractAnswer {
  switch (answer.into) {
    case 'option': {
      const sets = `Sets \`${settableByApp[answer.option]}\`.`
      return answer.none === undefined
        ? { honoured: sets, refused: code, says: '0 is refused: no client could be served.' }
        : honoured(`${sets} 0 means no limit, as in Node.`)
    }
    case 'refused':
      return { refused: code, says: `${capital(answer.reason)}. ${answer.cure}` }
    case 'connection':
      return honoured(words[name as keyof typeof words])
    case 'server': {
      const how = words[name as keyof typeof words]
      if (answer.notOverHttp2 !== undefined)
        return { honoured: how, refused: code, says: `Refused with HTTP/2: ${answer.notOverHttp2}.` }
      if (answer.lenient !== undefined)
        return {
          honoured: how,
          refused: code,
          says: `\`${answer.lenient}\` is refused: a proxy may read such requests differently.`,
        }
      return honoured(how)
    }
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

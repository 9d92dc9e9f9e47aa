import { type ContractRow, type ContractSection, honoured, refused } from '../contract-row.ts'
import { type RefusedFetchSetting, refusedFetchSettings } from '../fetch-object.ts'

/** Members of an exported object beside `fetch`. The refused ones are those of `refuseFetchSettings()`. */
export const fetchSettingRows = {
  title: 'Members beside fetch',
  heads: ['member', 'what happens'],
  programs: honoured('A program under Bun or Deno serves its own object, at the port of the variable PORT.'),
  rows: {
    error: { what: '`error(failure)`', inNode: honoured('Answers a request on which `fetch` has failed.') },
    'start and stop': {
      what: '`start(context)`, `stop(context)`',
      inNode: honoured('Called like exports of the module.'),
    },
    'port and hostname': {
      what: '`port`, `hostname`',
      inNode: honoured('The address, unless the user sets another one. Without `hostname`, every interface.'),
    },
    ...refusedRows(),
  },
} as const satisfies ContractSection

function refusedRows(): { readonly [Name in RefusedFetchSetting]: ContractRow } {
  return Object.fromEntries(
    Object.entries(refusedFetchSettings).map(([name, { reason, cure }]) => [
      name,
      {
        what: `\`${name}\``,
        inNode: refused(
          'LOCKSTEP_ERR_APP_SERVER_SETTING',
          `${reason.replace(/^./, (first) => first.toUpperCase())}. ${cure.replaceAll(/--[\w-]+(?: unix:PATH)?/g, '`$&`')}`,
        ),
      },
    ]),
  ) as { readonly [Name in RefusedFetchSetting]: ContractRow }
}

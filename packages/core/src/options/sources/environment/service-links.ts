/**
 * Whether Kubernetes has set a variable for a Service, by the forms of the kubelet (`NAME_SERVICE_HOST`, `NAME_PORT=tcp://…`,
 * `NAME_PORT_80_TCP_ADDR`; https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables). A Service that is called
 * `lockstep` or `lockstep-…` has variables with our prefix.
 */
export function isServiceLink(name: string, value: string): boolean {
  return forms.some(([form, content]) => form.test(name) && content.test(value))
}

export const serviceLinkHint =
  'Set "enableServiceLinks: false" in the spec of the pod, or give the Service another name.'

const number = /^\d+$/
const url = /^(?:tcp|udp|sctp):\/\/.+:\d+$/i

const forms: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^LOCKSTEP\w*_SERVICE_HOST$/, /./],
  [/^LOCKSTEP\w*_SERVICE_PORT(?:_\w+)?$/, number],
  [/^LOCKSTEP(?:_\w+)?_PORT(?:_\d+_(?:TCP|UDP|SCTP))?$/, url],
  [/^LOCKSTEP\w*_PORT_\d+_(?:TCP|UDP|SCTP)_PROTO$/, /^(?:tcp|udp|sctp)$/i],
  [/^LOCKSTEP\w*_PORT_\d+_(?:TCP|UDP|SCTP)_PORT$/, number],
  [/^LOCKSTEP\w*_PORT_\d+_(?:TCP|UDP|SCTP)_ADDR$/, /./],
]

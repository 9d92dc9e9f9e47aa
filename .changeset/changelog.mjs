// All packages have one version, so a list of the versions of the others says nothing: only changes are listed.
import defaults from '@changesets/cli/changelog'

export default { ...defaults, getDependencyReleaseLine: async () => '' }

// The pages of the site, in the order of its sidebar. Titles come from the pages themselves.

/** Topics with the sources of their pages. Each page of docs/ is here once; a test compares. */
export const topics = {
  Start: [
    'README.md',
    'docs/express.md',
    'docs/configuration.md',
    'docs/command-line.md',
    'docs/glossary.md',
  ],
  Guides: [
    'docs/frameworks.md',
    'docs/from-pm2.md',
    'docs/from-nginx.md',
    'docs/from-gunicorn-or-uvicorn.md',
    'docs/your-own-cli.md',
    'docs/embedding.md',
    'docs/external.md',
    'docs/langflow.md',
    'docs/debugging.md',
  ],
  Operation: [
    'docs/lifecycle.md',
    'docs/signals.md',
    'docs/systemd.md',
    'docs/docker.md',
    'docs/kubernetes.md',
    'docs/behind-a-proxy.md',
    'docs/front.md',
    'docs/sticky.md',
    'docs/messages.md',
  ],
  'TLS and security': ['docs/tls.md', 'docs/certificates.md', 'docs/security.md', 'SECURITY.md'],
  Reference: [
    'docs/options.md',
    'docs/variables.md',
    'docs/errors.md',
    'docs/events.md',
    'docs/json-output.md',
    'docs/app-contract.md',
    'docs/app-files.md',
    'docs/lifespan.md',
    'docs/flags-of-other-launchers.md',
    'docs/gunicorn-uvicorn.md',
  ],
  Backends: ['docs/writing-a-backend.md', 'docs/conformance.md'],
  Project: [
    'docs/benchmarks.md',
    'docs/benchmarks/details.md',
    'docs/other-launchers.md',
    'docs/stability.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
  ],
}

/** Pages outside docs/ whose name would be taken, or means something else, on the site. */
const ownNames = { 'README.md': 'index', 'SECURITY.md': 'security-policy' }

/** The name of the page of a source: `docs/tls.md` is at `/tls`. */
export function pageName(source) {
  return (
    ownNames[source] ??
    source
      .replace(/^docs\//, '')
      .replace(/\.md$/, '')
      .toLowerCase()
  )
}

/** Every source, by the name of its page. */
export const sources = new Map(
  Object.values(topics)
    .flat()
    .map((source) => [source, pageName(source)]),
)

module.exports = {
  flowFile: 'flows.json',
  uiPort: process.env.PORT || 1880,
  // Without it, Node-RED writes a generated key into its settings.
  credentialSecret: false,
}

module.exports = {
  // This folder is inside another project, which has a lockfile too.
  outputFileTracingRoot: __dirname,
}

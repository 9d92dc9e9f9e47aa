/** Runs every case of the conformance suite through each door, on every backend. That takes half an hour. */
export const runsWholeSuite = process.env['TEST_WHOLE_SUITE'] === '1'

import type { ConformanceCase, DoorName } from '@lockstep/conformance'

export declare function casesInTests(door: DoorName): readonly ConformanceCase[]

export declare function casesBeforeCommit(): readonly ConformanceCase[]

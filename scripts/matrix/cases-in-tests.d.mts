import type { ConformanceCase, DoorName } from '@lockstep/conformance'

export declare function casesInTests(door: DoorName, backend: string): readonly ConformanceCase[]

export declare function casesBeforeCommit(backend: string): readonly ConformanceCase[]

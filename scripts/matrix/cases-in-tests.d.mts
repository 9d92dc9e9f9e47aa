import type { ConformanceCase, DoorName } from '@lockstep/conformance'

export declare const whereNodeDiffers: readonly string[]
export declare function casesInTests(door: DoorName): readonly ConformanceCase[]

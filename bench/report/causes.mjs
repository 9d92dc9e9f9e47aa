/** Why a goal is not met, by benchmark and figure; shown beside it. */
export const causes = {}

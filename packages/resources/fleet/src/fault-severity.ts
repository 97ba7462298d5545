/** Severity of a warning. */
export const WARNING_SEVERITY = 1;
/** Lowest severity that counts as an error, for rates, MTBF and outbreaks. */
export const ERROR_SEVERITY = 2;

/**
 * The variable for MFA codes, apart from the table of needs, which is slow to load.
 *
 * @module
 */

/** The variable that may hold an MFA code. */
export const mfaCodeVariable = "STSAVAL_MFA_CODE";

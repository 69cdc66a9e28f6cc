/**
 * What differs from run to run, or is too long to be shown, made equal in the pages and in the output of commands.
 *
 * @module
 */

/** The text with one word for each secret, date, time and bar, and one blank where there are several. */
export function normalText(text: string): string {
  return text
    .replaceAll(/ASIA(?:[A-Z0-9]{16}|[A-Z0-9]*…)/g, "KEY")
    .replaceAll(/[A-Za-z0-9/+=]{60,}|[A-Za-z0-9/+=]+…(?=["'\s]|$)/g, "TOKEN")
    .replaceAll(/(?<![A-Za-z0-9/+:-])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g, "TOKEN")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "DATE")
    .replaceAll(/(?<![\w.-])(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=\d[hms])\b/g, "TIME")
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
    .replaceAll(/[█░]+/g, "BAR")
    .replaceAll(/[ \t]+/g, " ")
    .replaceAll(/ $/gm, "")
    .trim();
}

/**
 * XML as STS and IAM write it, read into the objects that the AWS SDK makes of it. The SDK's own parser goes through it
 * character by character, which takes longer than anything else in a call. It still reads all that is not as plain.
 *
 * @module
 */

/** What an element holds: its text, or its children by their names, of which a name that is repeated has a list. */
export type XmlValue = string | { [name: string]: XmlValue | XmlValue[] };

/** An element that has begun. */
interface Open {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly children: { [name: string]: XmlValue | XmlValue[] };
}

/**
 * What comes before a tag, the tag, and where only text follows it, the end of its element. A name that begins with a
 * capital is no property that every object has.
 */
const step =
  /(?: *\n[\n ]*)?<(\/?)([A-Z][A-Za-z0-9]*|member)(?: xmlns="([^"<&]*)")?>(?:([^<&]*)<\/\2>)?/y;

const declaration = /^<\?xml [^?<>]*\?>/;

/**
 * The root element by its name; undefined for a text that is not as plain: with another attribute than `xmlns`, an escape,
 * a comment, a tab, text beside elements, or anything that does not fit.
 */
export function readPlainXml(text: string): { [name: string]: XmlValue } | undefined {
  if (text.includes("\r")) return undefined;
  const open: Open[] = [];
  step.lastIndex = declaration.exec(text)?.[0].length ?? 0;
  while (true) {
    const found = step.exec(text);
    if (found === null) return undefined;
    const [, slash, name = "", namespace, content] = found;
    let ended: string;
    let value: XmlValue;
    if (slash === "/") {
      const element = open.pop();
      if (element?.name !== name || namespace !== undefined || content !== undefined) {
        return undefined;
      }
      ended = name;
      value = element.children;
      if (element.namespace !== undefined) value.xmlns = element.namespace;
    } else if (content === undefined) {
      open.push({ name, namespace, children: {} });
      continue;
    } else {
      if (namespace !== undefined) return undefined;
      ended = name;
      value = isBlank(content) ? "" : content;
    }
    const parent = open.at(-1);
    if (parent === undefined) return { [ended]: value };
    add(parent.children, ended, value);
  }
}

/** Whether it only moves the next tag to another line. */
function isBlank(text: string): boolean {
  return text.includes("\n") && text.trim() === "";
}

function add(children: Open["children"], name: string, value: XmlValue): void {
  const before = children[name];
  if (before === undefined) children[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else children[name] = [before, value];
}

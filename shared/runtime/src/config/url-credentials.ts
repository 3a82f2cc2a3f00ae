// User, password and keys within addresses, which are settings that may be shown: the credentials in them may not.

/** Up to the last @ before the path; a comma separates addresses only where another one follows. */
const written = String.raw`(?:(?!,\S*:\/\/)[^\s/?#"'\x60])*@`;
/** A password with a slash in it, which ought to be encoded and often is not; `host:4222/` is none. */
const writtenUnencoded = String.raw`[^\s/?#:@"'\x60]+:(?!\d*[/?#])(?:(?!,\S*:\/\/)[^\s"'\x60])*@`;
const afterScheme = new RegExp(String.raw`(:\/\/)(?:${written}|${writtenUnencoded})`, "g");
/** `user:password@host`, as addresses of NATS may be written. */
const withoutScheme = /(^|,\s*)[^\s/?#,:@"'`]+:[^\s,"'`]*@/g;
const isListOfAddresses = /^[^\s,]+(,\s*[^\s,]+)*$/;

const url = /:\/\/[^\s"'\x60]+/g;
/** What the name of a parameter ends in whose value is a secret: `key`, `api-key`, `access_token`, `X-Amz-Signature`, … */
const secretEndings = "key|token|secret|password|passwd|passphrase|pwd|signature|credentials?|auth|authorization|bearer|jwt";
/** The whole name: as an ending, it would be part of other words. */
const secretNames = "sig|code|pass";
/** Of a URL's query, or of its fragment, where tokens may stand as well. */
const secretParameter = new RegExp(String.raw`([?&;#](?:[^=&;?#]{0,64}(?:${secretEndings})|${secretNames})=)[^&;#,\s]+`, "gi");

/** @param userMark for user and password. @param valueMark for the value of a secret parameter. */
const replaceCredentials = (text: string, userMark: string, valueMark: string): string =>
  replaceUsers(text, userMark).replace(url, (address) => address.replace(secretParameter, `$1${valueMark}`));

const replaceUsers = (text: string, mark: string): string => {
  const replaced = text.replace(afterScheme, `$1${mark}`);
  return isListOfAddresses.test(replaced) && !replaced.includes("://") ? replaced.replace(withoutScheme, `$1${mark}`) : replaced;
};

/** The text with `***` for user, password and secret parameters of every URL in it: for people, errors and logs. */
export const hideCredentials = (text: string): string => replaceCredentials(text, "***@", "***");

/** The text with its URLs as they are without user, password and secret parameters' values: for what is loaded again. */
export const dropCredentials = (text: string): string => replaceCredentials(text, "", "");

/** A value of settings with every text in it replaced. */
export const mapTexts = (value: unknown, replace: (text: string) => string): unknown => {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, replace)]));
};

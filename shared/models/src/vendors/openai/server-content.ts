// Content of a client's message in the forms of OpenAI's APIs; the other direction of content-parts.ts.
import type { ContentPart } from "@nocp/contracts/prompt.ts";
import { InvalidField } from "../../server-api.ts";

type SentPart = Readonly<Record<string, unknown>> & { readonly type: string };

/** Content that has to be text. @param where for the error, e.g. `messages[2]`. */
export function textOfContent(content: string | readonly SentPart[] | undefined, where: string): string {
  if (content === undefined || typeof content === "string") return content ?? "";
  return content
    .map((part, at) => {
      const text = part.type === "refusal" ? part.refusal : part.text;
      if (typeof text === "string") return text;
      throw new InvalidField(`${where}.content[${at}]`, `NOCP does not support content of the type ${part.type} here`);
    })
    .join("\n");
}

/** A part of a user's message. @param where for the error. @throws InvalidField */
export function contentPartOf(part: SentPart, where: string): ContentPart {
  if (part.type === "text" && typeof part.text === "string") return { type: "text", text: part.text };
  if (part.type === "image_url") return imagePart(part.image_url, where);
  if (part.type === "input_audio") return audioPart(part.input_audio, where);
  if (part.type === "file") return filePart(part.file, where);
  throw new InvalidField(where, `NOCP does not support content of the type ${part.type}`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;
const details = ["low", "high", "auto"] as const;

function imagePart(image: unknown, where: string): ContentPart {
  const url = isObject(image) ? image.url : undefined;
  if (typeof url !== "string") throw new InvalidField(`${where}.image_url.url`, "is missing");
  const detail = details.find((known) => isObject(image) && known === image.detail);
  return { ...(dataOf(url, "image") ?? { type: "image" as const, url: webAddress(url, where) }), ...(detail ? { detail } : {}) };
}

function audioPart(audio: unknown, where: string): ContentPart {
  const { data, format } = isObject(audio) ? audio : {};
  if (typeof data !== "string" || typeof format !== "string")
    throw new InvalidField(`${where}.input_audio`, "needs data and format");
  return { type: "audio", data: base64(data, where), mediaType: `audio/${format === "mp3" ? "mpeg" : format}` };
}

function filePart(file: unknown, where: string): ContentPart {
  const { file_data: content, filename } = isObject(file) ? file : {};
  if (typeof content !== "string")
    throw new InvalidField(`${where}.file`, "needs file_data: NOCP keeps no files for Chat Completions");
  const part = dataOf(content, "file");
  if (part === undefined) throw new InvalidField(`${where}.file.file_data`, "must be a data URL");
  return { ...part, ...(typeof filename === "string" && filename !== "" ? { name: filename.slice(0, 256) } : {}) };
}

type DataPart = Extract<ContentPart, { data: string }>;

/** @returns undefined for an address that is no data URL. */
export function dataOf(url: string, type: DataPart["type"]): DataPart | undefined {
  const match = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)(?:;[^,]*)?;base64,([A-Za-z0-9+/]*={0,2})$/i.exec(url);
  const [, mediaType, data] = match ?? [];
  return mediaType === undefined || data === undefined ? undefined : { type, data, mediaType };
}

export function webAddress(url: string, where: string): string {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new InvalidField(where, "must be a data URL in base64 or an address that begins with http");
}

function base64(data: string, where: string): string {
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(data)) return data;
  throw new InvalidField(where, "must be base64");
}

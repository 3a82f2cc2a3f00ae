// Images, audio and files in the two forms that OpenAI's APIs have for them.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { ContentPart } from "@nocp/contracts/prompt.ts";
import type { ChatCompletionContentPart } from "openai/resources/chat/completions/completions";
import type { ResponseInputContent } from "openai/resources/responses/responses";

type Data = Extract<ContentPart, { data: string }>;

const dataUrl = ({ data, mediaType }: Data): string => `data:${mediaType};base64,${data}`;
const urlOf = (part: Exclude<ContentPart, { type: "text" }>): string => ("url" in part ? part.url : dataUrl(part));

export function chatPart(part: ContentPart): ChatCompletionContentPart {
  if (part.type === "text") return { type: "text", text: part.text };
  if (part.type === "image")
    return { type: "image_url", image_url: { url: urlOf(part), ...(part.detail ? { detail: part.detail } : {}) } };
  if ("url" in part) throw new NocpError("PROVIDER_UNSUPPORTED", "Chat Completions takes no file by its address");
  if (part.type === "audio") return { type: "input_audio", input_audio: { data: part.data, format: audioFormat(part) } };
  return { type: "file", file: { filename: part.name ?? "file", file_data: dataUrl(part) } };
}

function audioFormat({ mediaType }: Data): "wav" | "mp3" {
  if (/wav/.test(mediaType)) return "wav";
  if (/mp3|mpeg/.test(mediaType)) return "mp3";
  throw new NocpError("PROVIDER_UNSUPPORTED", `Chat Completions takes wav and mp3, not ${mediaType}`);
}

export function responsesPart(part: ContentPart): ResponseInputContent {
  if (part.type === "text") return { type: "input_text", text: part.text };
  if (part.type === "image") return { type: "input_image", image_url: urlOf(part), detail: part.detail ?? "auto" };
  if ("url" in part) return { type: "input_file", file_url: part.url };
  return { type: "input_file", filename: part.name ?? "file", file_data: dataUrl(part) };
}

// Shortens the results of tools within a vendor's own request; everything else of it stays as its caller wrote it.
import type { NativeApi, NativeRequest } from "@nocp/contracts/native-request.ts";
import type { RewriteText } from "./rewrite-text.ts";
import { rewriteMessagesResults } from "./vendors/anthropic/native-tool-results.ts";
import { rewriteChatResults, rewriteResponsesResults } from "./vendors/openai/native-tool-results.ts";

type Rewrite = (body: Readonly<Record<string, unknown>>, rewrite: RewriteText) => Readonly<Record<string, unknown>>;

const rewriteOf: Readonly<Record<NativeApi, Rewrite>> = {
  "openai-chat": rewriteChatResults,
  "openai-responses": rewriteResponsesResults,
  "anthropic-messages": rewriteMessagesResults,
};

/** A body that is only a part of a request holds no messages. */
export const rewriteToolResults = (native: NativeRequest, rewrite: RewriteText): NativeRequest =>
  native.whole ? { ...native, body: { ...rewriteOf[native.api](native.body, rewrite) } } : native;

// One route of the HTTP API, as the OpenAPI document describes it.
import type { z } from "zod";

export interface Operation {
  readonly method: "get" | "post" | "put" | "delete";
  /** With parameters in braces. */
  readonly path: string;
  readonly tag: string;
  /** Whether anybody may call it. */
  readonly isPublic?: true;
  /** Whether it needs an admin key. */
  readonly isForOperators?: true;
  readonly summary: string;
  /** Of JSON; absent: none is read. */
  readonly body?: z.ZodType;
  /** A body to try it with. */
  readonly example?: object;
  /** The body is a form with a file. */
  readonly takesForm?: boolean;
  /** In the query. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  readonly status?: number;
  /** Absent: any JSON object. */
  readonly answer?: z.ZodType;
  readonly answerType?: string;
  /** Of another answer that is no failure, by its status. */
  readonly otherAnswers?: Readonly<Record<number, z.ZodType>>;
  /** It answers with nothing but a status. */
  readonly isEmpty?: true;
  /** Of what it answers when it fails; that of the vendors' APIs when absent. */
  readonly failure?: z.ZodType;
  /** The answer may come as events. */
  readonly streams?: boolean;
}

// The body of an HTTP response as bytes, never more than a limit.
import type { Duplex, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";

const decoders: ReadonlyMap<string, () => Duplex> = new Map([
  ["gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/**
 * The limit counts decompressed bytes, so a small body that unpacks to gigabytes stops there.
 * @param encoding of the header `content-encoding`; empty for none.
 * @throws NocpError TOOL_OUTPUT_TOO_LARGE, or TOOL_REFUSED for an encoding nobody asked for, also several on one another.
 */
export async function readBody(body: Readable, encoding: string, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const piece of source) {
      bytes += piece.length;
      if (bytes > maxBytes) {
        throw new NocpError("TOOL_OUTPUT_TOO_LARGE", `the response is larger than the limit of ${maxBytes} bytes`);
      }
      pieces.push(piece);
    }
  };
  const decoder = decoders.get(encoding);
  if (decoder) await pipeline(body, decoder(), collect);
  else if (encoding === "" || encoding === "identity") await pipeline(body, collect);
  else {
    // Destroying it is an error of its own, which nobody waits for.
    body.on("error", () => {}).destroy();
    throw new NocpError("TOOL_REFUSED", `the response has the unsupported encoding ${JSON.stringify(encoding.slice(0, 100))}`);
  }
  return Buffer.concat(pieces);
}

// What a provider is sent of a request that was written for a vendor's own API.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import type { NativeApi } from "@nocp/contracts/native-request.ts";
import type { ProviderCall } from "./provider.ts";

type NativeCall = Pick<ProviderCall, "model" | "native">;

/**
 * The caller's own body under the model of the candidate, where the candidate has the API that it was written for.
 * @param translated makes a body of the call; the caller's further fields of the same API are added to it.
 * @throws NocpError PROVIDER_UNSUPPORTED when fields that change the answer exist in another API alone.
 */
export function nativeBody<Body extends object>(call: NativeCall, api: NativeApi, translated: () => Body): Body {
  const { native, model } = call;
  if (native === undefined) return translated();
  if (native.api === api) {
    // Both are requests of this API; what its types do not know is for its server to judge.
    return { ...(native.whole ? {} : translated()), ...native.body, model } as Body;
  }
  refuseUntranslated(call);
  return translated();
}

/** Whether the caller's own body is sent: then nothing is to be fitted, and tools keep their names. */
export const isSentAsWritten = ({ native }: NativeCall, api: NativeApi): boolean => native?.whole === true && native.api === api;

/** @throws NocpError PROVIDER_UNSUPPORTED, for a provider with an API that nobody writes requests for. */
export function refuseUntranslated({ native }: NativeCall): void {
  if (native === undefined || native.untranslated.length === 0) return;
  throw new NocpError("PROVIDER_UNSUPPORTED", `the model's API has no field for ${native.untranslated.join(", ")}`);
}

// Starting a span at the least cost.
import type { Attributes, Context, Span, SpanOptions, Tracer } from "@opentelemetry/api";

/**
 * Attributes are set after the start: those that come with it are checked twice, once for the sampler, and NOCP's
 * samplers look at none. For a span that is not recorded they are not even put together.
 */
export const startSpan = (
  tracer: Tracer,
  name: string,
  options: Omit<SpanOptions, "attributes">,
  attributes: () => Attributes,
  parent: Context,
): Span => {
  const span = tracer.startSpan(name, options, parent);
  return span.isRecording() ? span.setAttributes(attributes()) : span;
};

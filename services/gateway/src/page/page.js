// The page that tries the API. It runs in the browser; answers that are streamed are shown while they come.
const element = (id) => document.getElementById(id);

/** Swagger UI shows an answer when it is complete; a copy of it is read here meanwhile. */
async function showStream(response) {
  const [panel, text, state] = [element("stream"), element("stream-text"), element("stream-state")];
  panel.hidden = false;
  text.textContent = "";
  state.textContent = "no piece so far";
  let pieces = 0;
  try {
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      text.textContent += piece;
      text.scrollTop = text.scrollHeight;
      pieces += 1;
      state.textContent = `${pieces} ${pieces === 1 ? "piece" : "pieces"} so far`;
    }
    // Swagger UI has all of it now.
    panel.hidden = true;
  } catch (error) {
    state.textContent = `It broke off: ${error.message}`;
  }
}

async function fetchAndShow(url, options) {
  const response = await fetch(url, options);
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (isStream) void showStream(response.clone());
  return response;
}

element("stream-close").addEventListener("click", () => {
  element("stream").hidden = true;
});

window.SwaggerUIBundle({
  url: new URL("v1/openapi.json", document.baseURI).href,
  dom_id: "#api",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  defaultModelRendering: "example",
  filter: true,
  // Keys stay in this page's memory, and nothing is asked of other hosts.
  persistAuthorization: false,
  validatorUrl: null,
  requestSnippetsEnabled: true,
  requestInterceptor: (request) => Object.assign(request, { userFetch: fetchAndShow }),
});

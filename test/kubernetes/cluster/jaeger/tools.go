//go:build tools

// Names the program that is built here, so that go.mod keeps what it needs.
package tools

import _ "github.com/jaegertracing/jaeger/cmd/jaeger"

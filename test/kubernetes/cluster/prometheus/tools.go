//go:build tools

// Names the program that is built here, so that go.mod keeps what it needs.
package tools

import _ "github.com/prometheus/prometheus/cmd/promtool"

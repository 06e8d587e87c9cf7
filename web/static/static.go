// Package static carries the files the browser and the documents need: styles, scripts, drawings and fonts.
// They travel inside the binary, so nothing is ever fetched from elsewhere.
package static

import "embed"

// FS holds every file of this directory, named as it stands here: "fonts/NotoSansSC-Regular.ttf".
//
//go:embed *
var FS embed.FS

package static

import "embed"

// FS holds every file of this directory, named as it stands here: "fonts/NotoSansSC-Regular.ttf".
//
//go:embed *
var FS embed.FS

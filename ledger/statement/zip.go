package statement

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// A container may not unfold into more than this.
const (
	unzippedMax = 512 << 20 // bytes of all members of an XLSX file together
	membersMax  = 200
)

// parseZip opens an XLSX file, or a ZIP file with statements in it.
func parseZip(data []byte, options Options) ([]Statement, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &Error{Row: 1, Text: say("压缩包或表格文件已损坏", "the ZIP or XLSX file is damaged")}
	}
	if len(archive.File) > membersMax {
		return nil, &Error{Text: say("压缩包里有 %d 个文件，太多了", "there are %d files in the ZIP file, too many", len(archive.File))}
	}
	var size uint64
	for _, f := range archive.File {
		size += f.UncompressedSize64
		if f.Flags&1 != 0 {
			return nil, &Error{Text: say("压缩包有密码，请先用密码解开", "the ZIP file has a password, unpack it first")}
		}
	}
	if size > unzippedMax {
		return nil, &Error{Text: say("文件展开后超过 %d MB", "unpacked, the file is larger than %d MB", unzippedMax>>20)}
	}
	for _, f := range archive.File {
		if f.Name == "xl/workbook.xml" {
			return parseXLSX(data, archive, options)
		}
	}
	return parseMembers(archive, options)
}

// parseMembers reads every statement in a ZIP file. A summary without lines is
// passed over; a member that cannot be read refuses the whole file.
func parseMembers(archive *zip.Reader, options Options) ([]Statement, error) {
	var all []Statement
	var refused error
	left := SizeMax
	for _, f := range archive.File {
		name := memberName(f)
		if f.FileInfo().IsDir() || strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(path.Base(name), ".") {
			continue
		}
		if int64(f.UncompressedSize64) > int64(left) {
			return nil, &Error{File: name, Text: say("文件展开后超过 %d MB", "unpacked, the file is larger than %d MB", SizeMax>>20)}
		}
		content, err := readMember(f)
		if err != nil {
			return nil, &Error{File: name, Row: 1, Text: say("压缩包里的文件已损坏", "this file in the ZIP file is damaged")}
		}
		left -= len(content)
		var found []Statement
		if bytes.HasPrefix(content, []byte("PK\x03\x04")) && !bytes.Contains(content[:min(len(content), 4096)], []byte("[Content_Types].xml")) && !bytes.Contains(content, []byte("xl/workbook.xml")) {
			err = unknown(1) // a ZIP file in a ZIP file
		} else {
			found, err = parse(content, options)
		}
		switch {
		case err == nil:
			all = append(all, found...)
		case isSummary(name, content):
		case refused == nil:
			refused = inFile(err, name)
		}
	}
	switch {
	case refused != nil:
		return nil, refused
	case len(all) == 0:
		return nil, unknown(1)
	}
	return all, nil
}

// memberName reads the raw GBK names that Chinese systems write.
func memberName(f *zip.File) string {
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	if name, err := simplifiedchinese.GB18030.NewDecoder().String(f.Name); err == nil {
		return name
	}
	return f.Name
}

func readMember(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, SizeMax+1))
}

// isSummary tells the files beside a bill: sums by kind, licences, pictures.
func isSummary(name string, content []byte) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".pdf", ".png", ".jpg", ".html", ".htm", ".md", ".doc", ".docx":
		return true
	}
	if strings.Contains(name, "汇总") || strings.Contains(name, "说明") {
		return true
	}
	head, err := decodeText(content[:min(len(content), 64<<10)], "")
	if err != nil {
		return false
	}
	top := head.all()
	return strings.Contains(strings.Join(strings.SplitN(top, "\n", 6)[:min(5, strings.Count(top, "\n"))], ""), "汇总")
}

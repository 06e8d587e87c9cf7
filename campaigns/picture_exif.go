package campaigns

import (
	"bytes"
	"encoding/binary"
)

// orientation reads how a camera held a JPEG from its Exif segment; 1, upright,
// where it says nothing that can be read.
func orientation(file []byte) int {
	exif := exifSegment(file)
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(exif, []byte("MM")) {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(exif[4:])) // of the first directory
	if at+2 > int64(len(exif)) {
		return 1
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[12:]
	}
	return 1
}

// exifSegment is the TIFF structure inside a JPEG's APP1 segment, or nil.
func exifSegment(file []byte) []byte {
	if !bytes.HasPrefix(file, []byte{0xff, 0xd8}) {
		return nil
	}
	for rest := file[2:]; len(rest) >= 4 && rest[0] == 0xff && rest[1] != 0xda; {
		size := 2 + int(binary.BigEndian.Uint16(rest[2:]))
		if size > len(rest) || size < 4 {
			return nil
		}
		if exif, ok := bytes.CutPrefix(rest[4:size], []byte("Exif\x00\x00")); ok && rest[1] == 0xe1 {
			return exif
		}
		rest = rest[size:]
	}
	return nil
}

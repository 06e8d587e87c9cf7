package statement

import (
	"bytes"
	"compress/gzip"
	"io"
)

// Pack makes a file small for the while that it waits to be imported.
func Pack(data []byte) ([]byte, error) {
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := zip.Write(data); err != nil {
		return nil, err
	}
	err = zip.Close()
	return packed.Bytes(), err
}

// Unpack is what Pack was given, of SizeMax bytes at most.
func Unpack(packed []byte) ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(zip, SizeMax+1))
}

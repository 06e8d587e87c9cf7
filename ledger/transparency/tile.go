package transparency

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/jmoiron/sqlx"
	"golang.org/x/mod/sumdb/tlog"
)

// TileHeight is that of C2SP tlog-tiles: a full tile has 256 hashes.
const TileHeight = 8

// TileWidth is the number of hashes in a full tile, and of records in a bundle.
const TileWidth = 1 << TileHeight

// ParseTile reads a tile's path below `tile/`, as C2SP tlog-tiles writes it:
// `0/x001/067.p/12`, and `entries/000` for a bundle of records, whose L is −1.
func ParseTile(path string) (t tlog.Tile, err error) {
	if rest, ok := strings.CutPrefix(path, "entries/"); ok {
		path = "data/" + rest
	}
	if t, err = tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", TileHeight, path)); err != nil {
		return t, ErrMalformed
	}
	return t, nil
}

// TilePath is a tile's path below `tile/`.
func TilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", TileHeight))
	if rest, ok := strings.CutPrefix(path, "data/"); ok {
		path = "entries/" + rest
	}
	return path
}

// Tiles are the tiles of one level that a tree of a size has, the last one
// partial; level −1 are the bundles of records.
func Tiles(level int, size int64) (tiles []tlog.Tile) {
	for i := 0; i < level; i++ {
		size >>= TileHeight
	}
	for n := int64(0); n<<TileHeight < size; n++ {
		tiles = append(tiles, tlog.Tile{H: TileHeight, L: level, N: n, W: int(min(TileWidth, size-n<<TileHeight))})
	}
	return tiles
}

// WithinTree tells whether a tree of a size has the tile.
func WithinTree(t tlog.Tile, size int64) bool {
	for i := 0; i < t.L; i++ {
		size >>= TileHeight
	}
	return t.N < size>>TileHeight+1 && t.N<<TileHeight+int64(t.W) <= size
}

// Tile reads a tile of the sealed tree: its hashes one after the other.
// ErrNotSealed if no checkpoint covers it yet.
func (t Tree) Tile(ctx context.Context, q sqlx.QueryerContext, community int, tile tlog.Tile) (data []byte, err error) {
	defer wrap(&err, "transparency.Tile(%d, %v %s)", community, t, TilePath(tile))
	newest, err := Latest(ctx, q, community)
	if err != nil {
		return nil, err
	}
	if size, _ := newest.Of(t); tile.L < 0 || !WithinTree(tile, size) {
		return nil, ErrNotSealed
	}
	return tlog.ReadTileData(tile, t.reader(ctx, q, community))
}

// PackRecords writes records as a bundle: each behind its length in two bytes. A
// record that is not there any more has no byte, and none is as long as 64 KiB.
func PackRecords(records [][]byte) (bundle []byte, err error) {
	for _, record := range records {
		if len(record) > math.MaxUint16 {
			return nil, fmt.Errorf("transparency: a record of %d bytes does not fit into a bundle", len(record))
		}
		bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(record))), record...) //nolint:gosec // checked
	}
	return bundle, nil
}

// UnpackRecords reads a bundle of exactly so many records; ErrMalformed.
func UnpackRecords(bundle []byte, count int) (records [][]byte, err error) {
	for len(bundle) >= 2 {
		n := int(binary.BigEndian.Uint16(bundle))
		if bundle = bundle[2:]; n > len(bundle) {
			return nil, ErrMalformed
		}
		records, bundle = append(records, bundle[:n:n]), bundle[n:]
	}
	if len(bundle) > 0 || len(records) != count {
		return nil, ErrMalformed
	}
	return records, nil
}

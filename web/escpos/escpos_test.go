package escpos_test

import (
	"bytes"
	"encoding/hex"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"fund/web/escpos"
	"fund/web/pdf"
)

var update = flag.Bool("update", false, "write the golden files")

const address = "https://fund.example.org/s/1-0a1b2c3d4e5f6g7h8j9k0m1n2p"

var strips = []pdf.Strip{
	{Left: "安公社区", Middle: true, Bold: true},
	{Left: "购物小票", Middle: true, Bold: true, Large: true},
	{Left: "2026-11-23 10:00", Right: "A-0007"},
	{Rule: true},
	{Left: "手织围巾，特别长的名字，一行写不下的那一种", Right: "25.00"},
	{Left: "合计", Right: "¥1,041.00", Bold: true, Large: true},
	{Left: "已退", Right: "−5.00"},
	{Code: address},
}

func TestARollIsTheseBytes(t *testing.T) {
	t.Parallel()
	for name, paper := range map[string]escpos.Paper{"58": escpos.Narrow, "80": escpos.Wide} {
		got, err := escpos.Print(strips, paper)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", "roll-"+name+".golden")
		if *update {
			if err := os.WriteFile(file, []byte(hex.Dump(got)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if hex.Dump(got) != string(want) {
			t.Errorf("the %s mm roll has changed; print it, then run with -update", name)
		}
		if !bytes.HasPrefix(got, []byte("\x1b@\x1c&")) || !bytes.HasSuffix(got, []byte("\x1dVB\x00")) {
			t.Errorf("%s mm: does not begin fresh, or is not cut", name)
		}
	}
}

// What the printer reads is what was meant, and no line is wider than the paper.
func TestTheTextComesBack(t *testing.T) {
	t.Parallel()
	for _, paper := range []escpos.Paper{escpos.Narrow, escpos.Wide} {
		printed, err := escpos.Print(strips, paper)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := bytes.Cut(printed, []byte("\x1dv0"))
		read, err := simplifiedchinese.GB18030.NewDecoder().Bytes(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"安公社区", "￥1,041.00", "-5.00", "A-0007"} {
			if !strings.Contains(string(read), want) {
				t.Errorf("lacks %q", want)
			}
		}
	}
	for _, row := range escpos.Columns("手织围巾，特别长的名字，一行写不下的那一种", "25.00", 32) {
		encoded, err := simplifiedchinese.GB18030.NewEncoder().String(row)
		if err != nil {
			t.Fatal(err)
		}
		if len(encoded) > 32 {
			t.Errorf("%q is %d wide", row, len(encoded))
		}
	}
}

// The picture of the code, put together again from the dots, is read by a program that reads codes.
func TestTheCodeCanBeScanned(t *testing.T) {
	t.Parallel()
	scanner, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("no zbarimg on this machine")
	}
	printed, err := escpos.Print([]pdf.Strip{{Code: address}}, escpos.Narrow)
	if err != nil {
		t.Fatal(err)
	}
	_, dots, found := bytes.Cut(printed, []byte("\x1dv0\x00"))
	if !found {
		t.Fatal("no picture")
	}
	across, high := int(dots[0])+int(dots[1])<<8, int(dots[2])+int(dots[3])<<8
	if across*8 > escpos.Narrow.Dots {
		t.Fatalf("%d dots across, the paper has %d", across*8, escpos.Narrow.Dots)
	}
	seen := image.NewGray(image.Rect(0, 0, across*8+32, high+32))
	for i := range seen.Pix {
		seen.Pix[i] = 255
	}
	for y := range high {
		for x := range across * 8 {
			if dots[4+y*across+x/8]&(0x80>>(x%8)) != 0 {
				seen.SetGray(x+16, y+16, color.Gray{})
			}
		}
	}
	file := filepath.Join(t.TempDir(), "code.png")
	var b bytes.Buffer
	if err := png.Encode(&b, seen); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	read, err := exec.Command(scanner, "--quiet", "--raw", file).Output()
	if err != nil || strings.TrimSpace(string(read)) != address {
		t.Errorf("read %q, %v", read, err)
	}
}

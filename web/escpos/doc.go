// Package escpos writes till rolls in the language of thermal printers, ESC/POS: text in GB18030, codes as pictures,
// and the cut.
//
// It never knows what a sale is: it prints the strips that package pdf makes of one, so that a roll says the same on
// every paper. It never sends anything: the bytes are a file that a printer's program takes.
//
//	bytes, err := escpos.Print(doc.Roll(), escpos.Wide)
package escpos

// Package picture draws the charts and small scenes of the public pages and of the PDF report as plain values.
//
// Each picture starts as a struct of names and amounts, and its Picture method works out the shapes. SVG writes them
// for the browser with classes and attributes only, so a strict content policy holds; package web/pdf draws the very
// same shapes on paper. A shape says what it means ("c-in", "c-held", "axis"), never which colour it has.
//
//	p := picture.Balance{Title: "专款占 36.5%，其余是通用款", Held: held, Free: free}.Picture()
//	page.Write(p.SVG())
//
// Amounts become floats here to place shapes, and for nothing else: a number that is read is always printed from the
// amount itself, and a sum of two of them is added exactly. The package never rounds money, reads a database or knows a
// language beyond its axis.
package picture

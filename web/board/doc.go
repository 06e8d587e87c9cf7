// Package board reads and words the cards of mutual help: the one form by which
// a resident on the web page and the staff at the desk write an offer or a need
// down.
//
// It decides nothing and stores nothing: campaigns/mutualaid does.
//
//	v := board.Blank(c, mutualaid.Need, page.BlankForm(c))
//	card, person := v.Read(today)
package board

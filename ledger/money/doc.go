// Package money holds exact amounts of money with two decimal places.
//
// An Amount is a shopspring decimal that has been checked once, at the edge:
// inside the program every Amount has at most two decimals and no other unit
// than the community's currency. The package never rounds silently, never
// touches floating point and knows nothing of accounts.
//
//	a, err := money.Parse("18.80")       // a donor typed this
//	parts := a.Split(1, 1, 1)            // 6.27 6.27 6.26: no cent is lost
//	fmt.Println(a.Yuan(), a.Capital())   // ¥18.80 壹拾捌元捌角
package money

package picture

// Mark is the ginkgo leaf of the house: one lobe solid, one ruled, on one stem.
func Mark() Picture {
	const right = "M24.8 32.5C31 30.5 39.5 27.5 45.5 21.5C44.5 12.5 37 4.5 27.5 3.5C25.8 8 24.8 13 24.8 17.5Z"
	return Picture{Class: "mark", W: 48, H: 48, Shapes: []Shape{
		draw("m-lobe", "M23.2 32.5C17 30.5 8.5 27.5 2.5 21.5C3.5 12.5 11 4.5 20.5 3.5C22.2 8 23.2 13 23.2 17.5Z"),
		draw("m-vein", "M27.3 31.7L45.4 21.2M26.0 32.1L44.0 15.9M25.5 32.3L41.0 11.0M25.3 32.3L36.6 6.9M25.1 32.4L31.1 4.3"),
		draw("m-edge", right),
		draw("m-stem", "M24 32.5C24.2 38 23 42 19.5 45.5"),
	}}
}

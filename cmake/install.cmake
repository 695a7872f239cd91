# Written with the package test.

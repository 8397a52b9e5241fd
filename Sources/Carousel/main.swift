print("Carousel")

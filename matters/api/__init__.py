"""Read one's own applications as a program: who applies for whom, how far each part is. Serializers shape, views call, nothing is written."""

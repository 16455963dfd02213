"""What workers do with a bundle: sub-items whose turn has come enter their queues, the last one concludes it, applicants hear of it.

``missing`` finds bundles that stand still without a reason. Every job here may run twice and changes nothing the second time.
"""
